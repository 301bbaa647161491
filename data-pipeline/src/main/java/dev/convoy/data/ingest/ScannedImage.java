package dev.convoy.data.ingest;

import java.io.Serializable;

/**
 * An image that was read and decoded; all that the driver keeps of an example, about 200 bytes.
 *
 * @param length of the file in bytes
 * @param sha256 of the file, 32 bytes
 */
record ScannedImage(String id, int length, byte[] sha256, int width, int height, int channels)
    implements Serializable {}
