package dev.convoy.data.storage;

import java.io.Serializable;
import java.time.Instant;

/**
 * One file in a folder.
 *
 * @param name its name within the folder, without a slash
 * @param length bytes
 * @param modified when it was last written, as the file system tells
 */
public record StoredFile(String name, long length, Instant modified) implements Serializable {}
