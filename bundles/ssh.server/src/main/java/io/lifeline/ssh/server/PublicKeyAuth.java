package io.lifeline.ssh.server;

import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.OpenSshCertificateImpl;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;

/**
 * SSHD's own, but for a certificate's time: SSHD judges that by the wall clock alone, which may be
 * wrong on a broken worker (fault F17). It is taken out of the certificate before SSHD looks, and
 * {@link Admission} judges it. What was signed is kept apart from it by SSHD, and verified.
 */
final class PublicKeyAuth extends UserAuthPublicKey {

  private static final AttributeKey<Life> OFFERED = new AttributeKey<>();

  /**
   * From when to when a certificate is good, in seconds since 1970, unsigned.
   *
   * @param of the certificate, which does not tell it any more
   */
  record Life(OpenSshCertificate of, long after, long before) {

    /**
     * What a certificate said when it was offered in this connection; never good for one that was
     * not the last to be offered, which does not tell its own time any more.
     */
    static Life of(OpenSshCertificate certificate, ServerSession session) {
      Life offered = session.getAttribute(OFFERED);
      if (offered == null) {
        return new Life(certificate, certificate.getValidAfter(), certificate.getValidBefore());
      }
      return offered.of() == certificate
          ? offered
          : new Life(certificate, OpenSshCertificate.INFINITY, OpenSshCertificate.MIN_EPOCH);
    }

    boolean includes(long second) {
      return second >= 0
          && Long.compareUnsigned(after, second) <= 0
          && Long.compareUnsigned(second, before) < 0;
    }
  }

  private PublicKeyAuth(List<NamedFactory<Signature>> factories) {
    super(factories);
  }

  static UserAuthPublicKeyFactory factory(List<NamedFactory<Signature>> signatures) {
    return new UserAuthPublicKeyFactory(signatures) {
      @Override
      public UserAuthPublicKey createUserAuth(ServerSession session) {
        return new PublicKeyAuth(getSignatureFactories());
      }
    };
  }

  @Override
  public Boolean doAuth(Buffer buffer, boolean init) throws Exception {
    return super.doAuth(new Offer(buffer, getServerSession()), init);
  }

  private static final class Offer extends ByteArrayBuffer {

    private final ServerSession session;

    Offer(Buffer of, ServerSession session) {
      super(of.array(), of.rpos(), of.available());
      this.session = session;
    }

    @Override
    public PublicKey getRawPublicKey() throws SshException {
      PublicKey key = super.getRawPublicKey();
      if (key instanceof OpenSshCertificateImpl certificate) {
        session.setAttribute(
            OFFERED,
            new Life(certificate, certificate.getValidAfter(), certificate.getValidBefore()));
        certificate.setValidAfter(OpenSshCertificate.MIN_EPOCH);
        certificate.setValidBefore(OpenSshCertificate.INFINITY);
      }
      return key;
    }
  }
}
