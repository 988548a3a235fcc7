package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.session.api.TerminalSize;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SmallParsersTest {

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  @Property
  void sizesInAnySplitAreRead(
      @ForAll @IntRange(min = 1, max = 65535) int columns,
      @ForAll @IntRange(min = 1, max = 65535) int rows,
      @ForAll @IntRange(min = 1, max = 80) int cut) {
    String twice =
        "{\"Width\":%d,\"Height\":%d}\n{ \"Height\" : %d, \"Width\": %d }"
            .formatted(columns, rows, rows, columns);
    List<TerminalSize> sizes = new ArrayList<>();
    ResizeParser parser = new ResizeParser(sizes::add);
    for (int at = 0; at < twice.length(); at += cut) {
      parser.feed(ascii(twice.substring(at, Math.min(twice.length(), at + cut))));
    }
    TerminalSize size = new TerminalSize(columns, rows);
    assertThat(sizes).containsExactly(size, size);
  }

  @Property
  void anyBytesOnTheResizeStreamDoNoHarm(@ForAll @Size(max = 600) byte[] bytes) {
    List<TerminalSize> sizes = new ArrayList<>();
    ResizeParser parser = new ResizeParser(sizes::add);
    parser.feed(Unpooled.wrappedBuffer(bytes));
    parser.feed(ascii("}{\"Width\":80,\"Height\":24}"));
    assertThat(sizes).contains(new TerminalSize(80, 24));
  }

  @Example
  void aSizeThatNoTerminalHasIsLeftOut() {
    List<TerminalSize> sizes = new ArrayList<>();
    ResizeParser parser = new ResizeParser(sizes::add);
    parser.feed(ascii("{\"Width\":0,\"Height\":24}{\"Width\":65536,\"Height\":1}{\"Width\":80}"));
    parser.feed(ascii("{" + " ".repeat(500) + "\"Width\":80,\"Height\":24}"));
    assertThat(sizes).isEmpty();
  }

  @Property
  void base64InAnySplitIsDecoded(
      @ForAll @Size(max = 400) byte[] bytes, @ForAll @IntRange(min = 1, max = 50) int cut) {
    String coded = Base64.getEncoder().encodeToString(bytes);
    Base64Stream stream = new Base64Stream();
    ByteBuf decoded = Unpooled.buffer();
    for (int at = 0; at < coded.length(); at += cut) {
      ByteBuf part =
          stream.decode(
              UnpooledByteBufAllocator.DEFAULT,
              ascii(coded.substring(at, Math.min(coded.length(), at + cut))));
      decoded.writeBytes(part);
      part.release();
    }
    byte[] out = new byte[decoded.readableBytes()];
    decoded.readBytes(out);
    assertThat(out).isEqualTo(bytes);
  }

  @Example
  void whatIsNoBase64IsRefused() {
    assertThatThrownBy(
            () -> new Base64Stream().decode(UnpooledByteBufAllocator.DEFAULT, ascii("!!!!")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
