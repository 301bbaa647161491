/**
 * Weights from elsewhere: read, brought under torchvision's names, and fitted to a registered
 * network. Whatever a file holds, it gives a network or an {@link
 * dev.convoy.models.InvalidModelException}.
 */
package dev.convoy.models.weights;
