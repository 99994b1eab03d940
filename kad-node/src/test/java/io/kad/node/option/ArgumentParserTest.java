package io.kad.node.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.kad.api.id.RecordKey;
import org.junit.jupiter.api.Test;

class ArgumentParserTest {

    private static final String CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

    @Test
    void aPathOfIpfsNamesItsCidAsAProviderKey() {
        assertThat(ArgumentParser.providerKey("/ipfs/" + CID)).isEqualTo(ArgumentParser.providerKey(CID));
    }

    @Test
    void aPathOfIpfsWithoutACidIsRefused() {
        for (String text : new String[] {"/ipfs/", "/ipfs/hello", "/ipfs/" + CID + "/index.html"}) {
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> ArgumentParser.providerKey(text))
                    .withMessage("invalid key '" + text + "': expected /ipfs/CID");
        }
    }

    @Test
    void theKeyOfARecordIsTheTextItself() {
        assertThat(ArgumentParser.recordKey("/ipfs/" + CID)).isEqualTo(RecordKey.utf8("/ipfs/" + CID));
    }
}
