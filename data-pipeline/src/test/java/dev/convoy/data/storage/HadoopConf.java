package dev.convoy.data.storage;

import org.apache.hadoop.conf.Configuration;

/** A configuration that knows the file systems of these tests. */
final class HadoopConf {
  Configuration get() {
    Configuration conf = new Configuration();
    conf.set("fs.renaming.impl", RenamingFileSystem.class.getName());
    conf.set("fs.AbstractFileSystem.renaming.impl", RenamingFileContext.class.getName());
    conf.set("fs.s3n.impl", UploadingFileSystem.class.getName());
    // Not every failure that is there to stay can be told from one that passes.
    conf.set("convoy.store.patience", "2s");
    return conf;
  }
}
