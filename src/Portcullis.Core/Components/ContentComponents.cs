namespace Portcullis.Core.Components;

/// <summary>The components that are in an image without a package manager that says so: one of their files is there, under whatever name.</summary>
internal static class ContentComponents
{
    /// <param name="stack">The image.</param>
    /// <param name="packaged">The components that are known already.</param>
    /// <param name="own">The files that packages of the image's own layers have or had.</param>
    /// <param name="contents">Those of other images.</param>
    public static IEnumerable<LocatedComponent> Of(
        LayerStack stack, IReadOnlyList<LocatedComponent> packaged, IReadOnlyList<KnownContent> own, IContentIndex contents)
    {
        var present = packaged.Select(c => ComponentKey.Of(c.Component)).ToHashSet();
        var ownBySha = own.ToLookup(k => k.Sha256, StringComparer.Ordinal);
        var found = new Dictionary<(ComponentKey, string?, string?), List<(KnownContent Known, FileContent File)>>();
        foreach (var file in stack.Contents.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            foreach (var known in Packages(file, ownBySha[file.Sha256], contents, present))
            {
                var key = (ComponentKey.Of(known.Component), known.Distribution?.Id, known.Distribution?.Version);
                if (!found.TryGetValue(key, out var files))
                {
                    found[key] = files = [];
                }

                files.Add((known, file));
            }
        }

        return found.Values.Select(f => Located(f, stack));
    }

    // A file that a package of this image has is that package's, by the image's own word. Any other may be a copy of whatever has the same content; it is
    // one more package for each that is known to have it and is not in the image anyway.
    private static IEnumerable<KnownContent> Packages(FileContent file, IEnumerable<KnownContent> own, IContentIndex contents, HashSet<ComponentKey> present)
    {
        if (own.Any(k => present.Contains(ComponentKey.Of(k.Component))))
        {
            return [];
        }

        return own.Concat(contents.Of(file.Sha256)).Where(k => !present.Contains(ComponentKey.Of(k.Component)));
    }

    private static LocatedComponent Located(List<(KnownContent Known, FileContent File)> files, LayerStack stack) =>
        new(files[0].Known.Component, files.Min(f => stack.LayerOf(f.File)), [.. files.Select(f => f.File.Path).Distinct(StringComparer.Ordinal)])
        {
            Origin = ComponentOrigin.Content,
            Distribution = Same(files[0].Known.Distribution, stack.Distribution) ? null : files[0].Known.Distribution,
        };

    private static bool Same(Distribution? one, Distribution? other) => one?.Id == other?.Id && one?.Version == other?.Version;
}
