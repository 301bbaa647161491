package dev.convoy.models.training;

/** The kind of device that a person asks for. */
public enum DeviceChoice {
  /** A GPU where there is one for the worker and this build has a backend for it, else the CPU. */
  AUTO,
  CPU,
  GPU
}
