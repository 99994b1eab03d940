module example {
    requires io.kad.api;
    requires io.kad.wire;
}
