namespace Portcullis.Core.Components;

/// <summary>The files of an image as its layers, put one above the other, show them.</summary>
internal sealed class LayerStack
{
    private readonly List<string> _digests = [];
    private readonly Dictionary<string, FileContent> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _contentLayers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LicenseFile> _licenses = new(StringComparer.Ordinal);
    private List<InventoryProblem> _problems = [];

    public LayerStack(IEnumerable<LayerInventory> layers)
    {
        foreach (var layer in layers)
        {
            Add(layer);
        }
    }

    public IReadOnlyList<string> Digests => _digests;

    /// <summary>
    /// What the highest layer that has an os-release says. Taking the file away does not make the packages another distribution's, so that it is
    /// remembered.
    /// </summary>
    public Distribution? Distribution { get; private set; }

    public Dictionary<string, StackedFile> Packages { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<FileContent> Contents => _contents.Values;

    public IReadOnlyCollection<LicenseFile> Licenses => _licenses.Values;

    public IReadOnlyList<InventoryProblem> Problems => _problems;

    /// <summary>The layer that a file of <see cref="Contents"/> is in.</summary>
    public int LayerOf(FileContent content) => _contentLayers[content.Path];

    private void Add(LayerInventory layer)
    {
        var index = _digests.Count;
        _digests.Add(layer.Digest);
        Distribution = layer.Distribution ?? Distribution;
        var packages = layer.Packages.Select(f => (f.Path, File: StackedFile.Over(Packages.GetValueOrDefault(f.Path), f, index))).ToList();
        Hide(new HiddenPaths(layer));
        foreach (var (path, file) in packages)
        {
            Packages[path] = file;
        }

        foreach (var content in layer.Contents)
        {
            _contents[content.Path] = content;
            _contentLayers[content.Path] = index;
        }

        foreach (var license in layer.Licenses)
        {
            _licenses[license.Path] = license;
        }

        _problems.AddRange(layer.Problems.Select(p => p with { Layer = index }));
    }

    private void Hide(HiddenPaths hidden)
    {
        Hide(Packages, hidden);
        Hide(_contents, hidden);
        Hide(_licenses, hidden);
        // A file that could not be read and is gone is no part of the image; a layer that could not be read is one for ever.
        _problems = [.. _problems.Where(p => p.Path.Length == 0 || !hidden.Hides(p.Path))];
    }

    private static void Hide<T>(Dictionary<string, T> files, HiddenPaths hidden)
    {
        foreach (var path in files.Keys.Where(hidden.Hides).ToList())
        {
            files.Remove(path);
        }
    }
}
