namespace Portcullis.ApiServer.Storage;

/// <summary>The disk refused a write (full, read-only, gone): nothing of it is in force and the request answers 500.</summary>
internal sealed class StorageException(string message, Exception inner) : Exception(message, inner);
