namespace Portcullis.Scanning.Images;

/// <summary>Opens images that are on disk.</summary>
public static class ImageStores
{
    /// <summary>An OCI layout in a folder or an archive, or an archive of docker save.</summary>
    /// <exception cref="ImageInputException">It is none of these.</exception>
    public static async Task<IImageStore> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            return File.Exists(Path.Combine(path, "index.json"))
                ? new LayoutStore(new FolderFiles(path), path)
                : throw new ImageInputException($"{path} is no OCI layout: it has no index.json");
        }

        var archive = await ArchiveFiles.OpenAsync(path, cancellationToken);
        var layout = archive.Open("index.json");
        await using (layout)
        {
            return layout is null ? new DockerArchiveStore(archive, path) : new LayoutStore(archive, path);
        }
    }
}
