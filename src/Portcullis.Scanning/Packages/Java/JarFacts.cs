using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>What one archive says of what is in it: its own coordinates, and those of what was copied into it with its coordinates.</summary>
/// <param name="name">The file name of the archive.</param>
internal sealed class JarFacts(string name)
{
    private readonly Dictionary<string, (MavenCoordinates? Properties, MavenModel? Model)> _artifacts = new(StringComparer.Ordinal);
    private JarManifest _manifest = JarManifest.Empty;

    public int Count => _artifacts.Count;

    public void AddManifest(JarManifest manifest) => _manifest = manifest;

    /// <summary>A pom.properties in a folder META-INF/maven/GROUP/ARTIFACT/.</summary>
    public void AddProperties(string folder, MavenCoordinates coordinates) => _artifacts[folder] = (coordinates, _artifacts.GetValueOrDefault(folder).Model);

    /// <summary>A pom.xml there.</summary>
    public void AddModel(string folder, MavenModel model) => _artifacts[folder] = (_artifacts.GetValueOrDefault(folder).Properties, model);

    public IEnumerable<Component> Components()
    {
        var stem = name[..Math.Max(name.LastIndexOf('.'), 0)];
        var named = JarIdentity.Split(stem, _manifest.Version).Version;
        var own = false;
        foreach (var (folder, (properties, model)) in _artifacts)
        {
            var said = Said(folder, properties, model);
            var isOwn = stem == said.Artifact || stem.StartsWith(said.Artifact + "-", StringComparison.Ordinal) || _manifest.Title == said.Artifact;
            own |= isOwn;
            said = isOwn ? said.Or(new(null, null, named ?? _manifest.Version)) : said;
            yield return Component(said, model?.License ?? (isOwn || _artifacts.Count == 1 ? _manifest.License : null));
        }

        // An archive of one artifact is that artifact, whatever its file is called, unless its name has a version.
        if (!own && (_artifacts.Count != 1 || named is not null) && JarIdentity.Of(stem, _manifest) is { } component)
        {
            yield return component;
        }
    }

    // The folder META-INF/maven/GROUP/ARTIFACT/ says the first two, whatever the files leave out.
    private static MavenCoordinates Said(string folder, MavenCoordinates? properties, MavenModel? model)
    {
        var parts = folder.Split('/');
        return (properties ?? new(null, null, null)).Or(model?.Coordinates).Or(new(parts[^3], parts[^2], null));
    }

    private static Component Component(MavenCoordinates said, string? license) =>
        new() { Format = PackageFormat.Maven, Name = $"{said.Group}:{said.Artifact}", Version = said.Version ?? "", License = license };
}
