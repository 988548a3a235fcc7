package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  @Test
  void bothProtocolsCanBeRehearsed() {
    assertThatCode(() -> new SpdyStreaming(Map.of()).rehearse()).doesNotThrowAnyException();
    assertThatCode(() -> new WebSocketStreaming(Map.of()).rehearse()).doesNotThrowAnyException();
  }
}
