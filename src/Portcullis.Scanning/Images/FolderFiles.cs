namespace Portcullis.Scanning.Images;

/// <summary>The files of a folder.</summary>
internal sealed class FolderFiles(string folder) : IImageFiles
{
    public Stream? Open(string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan) : null;
    }

    public void Dispose()
    {
    }
}
