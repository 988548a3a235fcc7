package io.lifeline.kubelet.streaming;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What both ends of a SPDY/3 connection put before the first header block when they compress it:
 * names with their lengths, then a text.
 *
 * <p>Source: draft-mbelshe-httpbis-spdy-00, section 2.6.10.1.
 */
final class SpdyDictionary {

  /** The Adler-32 of the dictionary, by which a zlib stream names it. */
  static final int ID = 0xe3c6a7c2;

  private static final int LENGTH = 1423;

  private static final String NAMES =
      "options head post put delete trace accept accept-charset accept-encoding accept-language"
          + " accept-ranges age allow authorization cache-control connection content-base"
          + " content-encoding content-language content-length content-location content-md5"
          + " content-range content-type date etag expect expires from host if-match"
          + " if-modified-since if-none-match if-range if-unmodified-since last-modified location"
          + " max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after"
          + " server te trailer transfer-encoding upgrade user-agent vary via warning"
          + " www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie"
          + " keep-alive origin";

  private static final String TEXT =
      "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203"
          + " Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401"
          + " Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503"
          + " Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon,"
          + " Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,"
          + "application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age="
          + "gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

  private SpdyDictionary() {}

  /**
   * The dictionary's bytes; made anew at each call, because only a connection's start needs them.
   */
  static byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    for (String name : NAMES.split(" ", -1)) {
      byte[] ascii = name.replace('_', ' ').getBytes(StandardCharsets.US_ASCII);
      bytes.putInt(ascii.length).put(ascii);
    }
    return bytes.put(TEXT.getBytes(StandardCharsets.US_ASCII)).array();
  }
}
