package dev.convoy.trainer.training;

import dev.convoy.data.InvalidRequestException;

/** The run that should begin has begun before: it can be resumed. */
public final class RunExistsException extends InvalidRequestException {

  private static final long serialVersionUID = 1L;

  RunExistsException(String message) {
    super(message);
  }
}
