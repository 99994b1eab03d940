package io.kad.transport.netty.muxer;

/**
 * User event of a stream: the remote peer has reset it while received bytes are unread. A handler that would serve those bytes closes the
 * stream instead; one that waits for a response reads them.
 */
public enum ResetBehindUnreadBytes {
    /** The one event. */
    INSTANCE
}
