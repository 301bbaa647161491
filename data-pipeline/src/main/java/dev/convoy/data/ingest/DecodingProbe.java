package dev.convoy.data.ingest;

import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.UnreadableImageException;

/** Decodes as training will, so that what passes here can be trained on. */
public final class DecodingProbe implements ImageProbe {

  private static final long serialVersionUID = 1L;

  @Override
  public ProbedImage probe(byte[] encoded) throws RejectedImageException {
    try {
      PixelImage image = ImageDecoder.decode(encoded, 3);
      return new ProbedImage(image.width(), image.height(), image.channels());
    } catch (UnreadableImageException e) {
      throw new RejectedImageException(e.getMessage(), e);
    }
  }
}
