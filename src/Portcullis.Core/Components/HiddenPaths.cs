namespace Portcullis.Core.Components;

/// <summary>The paths of lower layers that are no more to be seen once a layer lies above them (OCI image specification, "Applying Changesets").</summary>
internal sealed class HiddenPaths
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _taken;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _opaque;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _directories;

    public HiddenPaths(LayerInventory layer)
    {
        var written = layer.Packages.Select(f => f.Path).Concat(layer.Contents.Select(f => f.Path)).Concat(layer.Licenses.Select(f => f.Path)).ToList();
        _taken = Lookup([.. layer.Removed, .. written]);
        _opaque = Lookup([.. layer.Opaque]);
        _directories = Lookup([]);
        foreach (var path in written)
        {
            AddDirectories(path);
        }
    }

    /// <summary>Whether a file of a lower layer is hidden: it or a directory above it was taken away or replaced, or a directory above it is opaque.</summary>
    public bool Hides(string path)
    {
        if (_taken.Contains(path) || _directories.Contains(path))
        {
            return true;
        }

        for (var above = Parent(path); ; above = Parent(above))
        {
            if (_taken.Contains(above) || _opaque.Contains(above))
            {
                return true;
            }

            if (above.IsEmpty)
            {
                return false;
            }
        }
    }

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup(HashSet<string> paths) => paths.GetAlternateLookup<ReadOnlySpan<char>>();

    private static ReadOnlySpan<char> Parent(ReadOnlySpan<char> path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : [];

    // What this layer writes below a path makes that path a directory, so that a file there is gone.
    private void AddDirectories(string path)
    {
        for (var above = Parent(path); !above.IsEmpty && _directories.Add(above); above = Parent(above))
        {
        }
    }
}
