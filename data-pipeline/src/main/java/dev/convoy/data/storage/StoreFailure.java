package dev.convoy.data.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathAccessDeniedException;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.PathIsNotDirectoryException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.PathPermissionException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;

/** What the failure of a store's operation means. */
final class StoreFailure {
  private static final int DEEPEST_CAUSE = 20;

  /** With these a store says no, and will say so again. */
  private static final List<Class<? extends IOException>> REFUSALS =
      List.of(
          FileNotFoundException.class,
          NoSuchFileException.class,
          AccessDeniedException.class,
          AccessControlException.class,
          FileAlreadyExistsException.class,
          ParentNotDirectoryException.class,
          PathAccessDeniedException.class,
          PathPermissionException.class,
          PathIsDirectoryException.class,
          PathIsNotDirectoryException.class,
          PathIsNotEmptyDirectoryException.class,
          ClusterStorageCapacityExceededException.class);

  /** S3A's, whose module is not here: no such bucket, a request that is wrong, a wrong region. */
  private static final Set<String> REFUSALS_OF_S3A =
      Set.of("UnknownStoreException", "AWSBadRequestException", "AWSRedirectException");

  /** Of the operating system, which file systems pass on as plain text. */
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "Read-only file system");

  private StoreFailure() {}

  /** Whether the same operation, tried again later, may go well. */
  static boolean mayPass(IOException failure) {
    if (failure instanceof StoreTimeoutException) {
      return false; // the operation may still be under way; two at a time could overtake each other
    }
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      Throwable told =
          cause instanceof RemoteException remote ? remote.unwrapRemoteException() : cause;
      if (isRefusal(told)) {
        return false;
      }
      cause = cause.getCause();
    }
    return true;
  }

  private static boolean isRefusal(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return REFUSALS.stream().anyMatch(refusal -> refusal.isInstance(failure))
        || REFUSALS_OF_S3A.contains(failure.getClass().getSimpleName())
        || FULL.stream().anyMatch(message::contains);
  }
}
