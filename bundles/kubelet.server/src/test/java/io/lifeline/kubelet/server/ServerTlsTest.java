package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.node.api.ServingCertificates.ServingCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerTlsTest {

  private static final TestCertificates SERVER = TestCertificates.selfSigned("CN=w2-debug");
  private static final TestCertificates CALLER = TestCertificates.selfSigned("CN=someone");

  @Test
  void theLibraryIsUsedWhereItIs() {
    assertThat(OpenSsl.isAvailable())
        .as("on this processor: %s", OpenSsl.unavailabilityCause())
        .isEqualTo(System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("amd64"));
    assertThat(ServerTls.provider() == SslProvider.OPENSSL).isEqualTo(OpenSsl.isAvailable());
  }

  @ParameterizedTest
  @EnumSource(
      value = SslProvider.class,
      names = {"JDK", "OPENSSL"})
  void whoeverComesIsTakenAndKnownByHisCertificate(SslProvider provider) throws Exception {
    try (Pair pair = new Pair(provider, true)) {
      pair.talk();
      assertThat(pair.server().engine().getSession().getPeerCertificates())
          .containsExactly(CALLER.certificate());
      assertThat(pair.server().engine().getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SslProvider.class,
      names = {"JDK", "OPENSSL"})
  void whoComesWithoutACertificateIsNobody(SslProvider provider) throws Exception {
    try (Pair pair = new Pair(provider, false)) {
      pair.talk();
      assertThatThrownBy(() -> pair.server().engine().getSession().getPeerCertificates())
          .isInstanceOf(SSLPeerUnverifiedException.class);
    }
  }

  /** A client of the JDK's and the server, whose bytes are carried by hand. */
  private static final class Pair implements AutoCloseable {

    private final EmbeddedChannel client;
    private final EmbeddedChannel server;

    Pair(SslProvider provider, boolean certified) throws Exception {
      ServingCertificate serving =
          new ServingCertificate(SERVER.key(), List.of(SERVER.certificate()), false);
      SslContextBuilder tls =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .trustManager(InsecureTrustManagerFactory.INSTANCE);
      if (certified) {
        tls.keyManager(CALLER.key(), CALLER.certificate());
      }
      server = new EmbeddedChannel();
      server.pipeline().addLast(ServerTls.context(serving, provider).newHandler(server.alloc()));
      client = new EmbeddedChannel();
      client.pipeline().addLast(tls.build().newHandler(client.alloc()));
    }

    SslHandler server() {
      return server.pipeline().get(SslHandler.class);
    }

    void talk() {
      client.writeOutbound(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
      ByteBuf heard = null;
      for (int i = 0; i < 20 && heard == null; i++) {
        carry(client, server);
        carry(server, client);
        heard = server.readInbound();
      }
      assertThat(heard).isNotNull();
      assertThat(heard.toString(StandardCharsets.US_ASCII)).isEqualTo("hello");
      heard.release();
    }

    private static void carry(EmbeddedChannel from, EmbeddedChannel to) {
      for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
        to.writeInbound(bytes);
      }
    }

    @Override
    public void close() {
      client.finishAndReleaseAll();
      server.finishAndReleaseAll();
    }
  }
}
