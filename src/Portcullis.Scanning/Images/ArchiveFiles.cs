using Microsoft.Win32.SafeHandles;
using Portcullis.Scanning.Files;
using Portcullis.Scanning.Layers;
using Portcullis.Scanning.Layers.Tar;

namespace Portcullis.Scanning.Images;

/// <summary>The files of a tar archive that is a file on disk: where each is, is read once, and then each from its place.</summary>
internal sealed class ArchiveFiles : IImageFiles
{
    // An image has few files, whatever its layers have.
    private static readonly LayerLimits Limits = LayerLimits.Default with { Entries = 100_000, LayerBytes = long.MaxValue };

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, (long Offset, long Length)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private ArchiveFiles(SafeFileHandle file) => _file = file;

    /// <exception cref="ImageInputException">It is no archive.</exception>
    public static async Task<ArchiveFiles> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var archive = new ArchiveFiles(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.None));
        try
        {
            await archive.ReadIndexAsync(cancellationToken);
            return archive;
        }
        catch (UnreadableFileException e)
        {
            archive.Dispose();
            throw new ImageInputException($"{path} is no tar archive: {e.Message}. One that is compressed must be decompressed first");
        }
    }

    public Stream? Open(string name)
    {
        // The layers of old archives are links to one another where they are the same.
        for (var i = 0; i < 8 && _links.TryGetValue(name, out var target); i++)
        {
            name = target;
        }

        return _files.TryGetValue(name, out var place) ? new FilePart(_file, place.Offset, place.Length) : null;
    }

    public void Dispose() => _file.Dispose();

    private async Task ReadIndexAsync(CancellationToken cancellationToken)
    {
        using var whole = new FilePart(_file, 0, RandomAccess.GetLength(_file));
        var entries = new LayerEntries(whole, Limits);
        while (await entries.NextAsync(cancellationToken) is { } item)
        {
            if (EntryPath.Of(item.Name) is not { } name)
            {
                continue;
            }

            if (item.Kind == TarEntryKind.File)
            {
                _files[name] = (entries.Position, item.Size);
            }
            else if (item.Kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink)
            {
                var target = item.Kind == TarEntryKind.HardLink ? EntryPath.Of(item.Link) : EntryPath.OfLink(name, item.Link);
                _links[name] = target ?? "";
            }
        }
    }
}
