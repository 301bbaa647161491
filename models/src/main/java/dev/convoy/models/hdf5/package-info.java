/**
 * Reading the part of the HDF5 format that h5py writes by default and Keras' weight files consist
 * of. Whatever a file holds, reading it takes time and memory in proportion to its size.
 */
package dev.convoy.models.hdf5;
