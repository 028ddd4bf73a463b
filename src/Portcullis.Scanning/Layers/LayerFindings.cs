using Portcullis.Core.Components;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Windows;

namespace Portcullis.Scanning.Layers;

/// <summary>What was found in a layer so far, within the limits.</summary>
internal sealed class LayerFindings(LayerLimits limits)
{
    private readonly Dictionary<string, IReadOnlyList<Component>> _packages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Component> _linkable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VersionedBinary> _binaries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LicenseFile> _licenses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Distribution> _distributions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hidden = new(StringComparer.Ordinal);
    private readonly HashSet<string> _opaque = new(StringComparer.Ordinal);
    private readonly LayerProblems _problems = new(limits.Problems);
    private int _components;

    public FileOwners Owners { get; } = new(limits.OwnedPaths);

    public void Report(string path, string message) => _problems.Add(path, message);

    /// <summary>A lower layer's file or directory is to be seen no more.</summary>
    public void Hide(string path) => AddWithin(_hidden, path);

    /// <summary>What lower layers have in a directory is to be seen no more.</summary>
    public void MakeOpaque(string directory) => AddWithin(_opaque, directory);

    /// <summary>An archive may have the same path twice; the later one counts.</summary>
    public void Forget(string path)
    {
        _packages.Remove(path);
        _contents.Remove(path);
        _licenses.Remove(path);
        _linkable.Remove(path);
        _binaries.Remove(path);
    }

    public void AddDistribution(string path, Distribution distribution) => _distributions[path] = distribution;

    public void AddContent(string path, string sha256)
    {
        if (_contents.Count < limits.Contents)
        {
            _contents[path] = sha256;
        }
    }

    public void AddLicense(LicenseFile license)
    {
        if (_licenses.Count < limits.PackageFiles)
        {
            _licenses[license.Path] = license;
        }
    }

    /// <summary>A file that was read, and what it names.</summary>
    public void AddPackages(string path, IReadOnlyList<Component> components)
    {
        if (_packages.Count >= limits.PackageFiles)
        {
            _problems.Add("", $"more than {limits.PackageFiles} of its files name packages, and the rest was not read");
            return;
        }

        components = Plain(path, components);
        var kept = Math.Min(components.Count, limits.Components - _components);
        if (kept < components.Count)
        {
            _problems.Add("", $"its files name more than {limits.Components} components, and the rest was not kept");
        }

        _components += kept;
        _packages[path] = kept == components.Count ? components : [.. components.Take(kept)];
    }

    /// <summary>A file that names a package once a hard link at another path makes it the manifest of one.</summary>
    public void AddLinkable(string path, Component component)
    {
        if (_linkable.Count < limits.PackageFiles)
        {
            _linkable[path] = component;
        }
    }

    /// <summary>A binary that says what it is. It counts only if no package has it, which is known at the end of the layer.</summary>
    public void AddBinary(string path, VersionedBinary binary)
    {
        if (_binaries.Count < limits.PackageFiles)
        {
            _binaries[path] = binary;
        }
        else
        {
            _problems.Add("", $"more than {limits.PackageFiles} of its files say by themselves what they are, and the rest was not read");
        }
    }

    /// <summary>A hard link has the content of another file of the layer; whether that one was read as a file that names packages.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">The file.</param>
    /// <param name="isManifest">Whether what is at the link is the manifest of an installed npm package.</param>
    public bool Alias(string path, string target, bool isManifest)
    {
        if (_contents.TryGetValue(target, out var sha256))
        {
            AddContent(path, sha256);
        }

        var components = _packages.GetValueOrDefault(target) ?? (isManifest && _linkable.TryGetValue(target, out var linked) ? [linked] : null);
        if (components is null)
        {
            return false;
        }

        AddPackages(path, components);
        if (isManifest && components is [var component])
        {
            _linkable[path] = component;
        }

        return true;
    }

    public LayerInventory Inventory(string digest)
    {
        AddBinaries();
        return ToInventory(digest);
    }

    private LayerInventory ToInventory(string digest) => new()
    {
        Digest = digest,
        Distribution = OsRelease.Paths.Select(p => _distributions.GetValueOrDefault(p)).FirstOrDefault(d => d is not null),
        Packages = [.. _packages.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new PackageFile(p.Key, p.Value) { Owner = DistributionOwner(p.Key) })],
        Licenses = [.. _licenses.Values.OrderBy(l => l.Path, StringComparer.Ordinal)],
        Contents = [.. _contents.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new FileContent(c.Key, c.Value) { Owner = Owners.Find(c.Key)?.Component })],
        Removed = [.. _hidden.Where(p => !_packages.ContainsKey(p)).Order(StringComparer.Ordinal)],
        Opaque = [.. _opaque.Order(StringComparer.Ordinal)],
        Problems = _problems.All,
    };

    // A package that has the file, or a deps.json beside an assembly, describes it better. Assemblies in folders named ref are for compilers alone, and have no code.
    private void AddBinaries()
    {
        var described = _packages.Keys.Where(p => p.EndsWith(".deps.json", StringComparison.Ordinal)).Select(DirectoryOf).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, binary) in _binaries.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            var isKnown = Owners.Find(path) is not null || (binary.IsManaged && (described.Contains(DirectoryOf(path)) || path.Contains("/ref/", StringComparison.Ordinal)));
            if (!isKnown && !_packages.ContainsKey(path))
            {
                AddPackages(path, [binary.Component]);
            }
        }
    }

    private static string DirectoryOf(string path) => path[..(path.LastIndexOf('/') + 1)];

    /// <summary>Without those whose name or version is made to fill memory, and without licences that are.</summary>
    private IReadOnlyList<Component> Plain(string path, IReadOnlyList<Component> components)
    {
        if (components.All(c => IsShort(c) && IsShort(c.License)))
        {
            return components;
        }

        if (!components.All(IsShort))
        {
            _problems.Add(path, $"a component in it has a name or a version of more than {limits.TextLength} characters");
        }

        return [.. components.Where(IsShort).Select(c => IsShort(c.License) ? c : c with { License = null })];
    }

    private bool IsShort(Component component) =>
        IsShort(component.Name) && IsShort(component.Version) && IsShort(component.SourceName) && IsShort(component.SourceVersion) && IsShort(component.Architecture);

    private bool IsShort(string? text) => text is null || text.Length <= limits.TextLength;

    private Component? DistributionOwner(string path) => Owners.Find(path) is { IsOfDistribution: true } owner ? owner.Component : null;

    private void AddWithin(HashSet<string> paths, string path)
    {
        if (paths.Count < limits.HiddenPaths)
        {
            paths.Add(path);
        }
    }
}
