package dev.convoy.models.engine.onednn;

import org.bytedeco.javacpp.Pointer;

/**
 * A raw address in the form that JavaCPP's methods take. It owns nothing, so JavaCPP neither counts
 * it against its limits nor frees it.
 */
final class Address extends Pointer {
  Address(long address) {
    super((Pointer) null);
    this.address = address;
  }

  Address to(long other) {
    this.address = other;
    return this;
  }
}
