package io.lifeline.session.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * Brings the rest of a file over and onto the disk. Each byte goes where it belongs: two that copy
 * the same file, as two engines do while one replaces the other, do no harm.
 */
final class FileCopy implements RecordingSink.Copy {

  private static final int PIECE = 256 * 1024;
  // What a root shell showed is for root alone.
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  @Override
  public long complete(Path source, Path target, Runnable moved) throws IOException {
    folder(Objects.requireNonNull(target.getParent()));
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                target,
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                FILE)) {
      long end = from.size();
      long at = Math.min(to.size(), end);
      if (at < end) {
        to.position(at);
        while (at < end) {
          long more = from.transferTo(at, Math.min(PIECE, end - at), to);
          if (more <= 0) {
            throw new IOException("%s takes no more".formatted(target));
          }
          at += more;
          moved.run();
        }
        to.force(false);
      }
      return end;
    }
  }

  /**
   * The worker's own, in a folder that must be there: a mount that is missing is not made up for.
   */
  private static void folder(Path own) throws IOException {
    if (!Files.isDirectory(own)) {
      try {
        Files.createDirectory(own, FOLDER);
      } catch (FileAlreadyExistsException e) {
        // Another engine was quicker.
      } catch (NoSuchFileException e) {
        throw new FileSystemException(String.valueOf(own.getParent()), null, "it is not there");
      }
    }
  }
}
