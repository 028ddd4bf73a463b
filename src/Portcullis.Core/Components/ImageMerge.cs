namespace Portcullis.Core.Components;

/// <summary>What is in an image, from what is in each of its layers.</summary>
public static class ImageMerge
{
    /// <summary>The inventory of an image.</summary>
    /// <param name="layers">Its layers, the lowest first.</param>
    /// <param name="contents">What other images' packages are known by. It adds components and takes none away.</param>
    public static ImageInventory Of(IReadOnlyList<LayerInventory> layers, IContentIndex contents)
    {
        var stack = new LayerStack(layers);
        var packaged = PackagedComponents.Of(stack);
        var found = ContentComponents.Of(stack, packaged, Learn(layers), contents);
        return new()
        {
            Layers = stack.Digests,
            Distribution = stack.Distribution,
            Components = [.. packaged.Concat(found).OrderBy(c => c.Layer).ThenBy(c => c.Component.Format).ThenBy(c => c.Component.Name, StringComparer.Ordinal)
                .ThenBy(c => c.Component.Version, StringComparer.Ordinal).ThenBy(c => c.Component.Architecture, StringComparer.Ordinal)
                .ThenBy(c => c.Distribution?.Id, StringComparer.Ordinal).ThenBy(c => c.Distribution?.Version, StringComparer.Ordinal)],
            Problems = [.. stack.Problems, .. WithoutDistribution(stack, packaged)],
        };
    }

    /// <summary>
    /// What an image adds to the content index: the files that packages of its layers have, whether or not a higher layer hides them. Each content and
    /// package once.
    /// </summary>
    /// <param name="layers">Its layers, the lowest first.</param>
    public static IReadOnlyList<KnownContent> Learn(IReadOnlyList<LayerInventory> layers)
    {
        var known = new Dictionary<(string, ComponentKey), KnownContent>();
        Distribution? distribution = null;
        foreach (var layer in layers)
        {
            distribution = layer.Distribution ?? distribution;
            foreach (var content in layer.Contents.Where(c => c.Owner is not null))
            {
                var of = IsOfDistribution(content.Owner!.Format) ? distribution : null;
                known.TryAdd((content.Sha256, ComponentKey.Of(content.Owner)), new(content.Sha256, content.Owner, of));
            }
        }

        return [.. known.Values];
    }

    /// <summary>Whether packages of this format are a distribution's, so that its advisories are about them and not those of an ecosystem.</summary>
    public static bool IsOfDistribution(PackageFormat format) => format is PackageFormat.Deb or PackageFormat.Apk or PackageFormat.Rpm;

    // Without the distribution nobody can tell which advisories are about its packages: that is not the same as having none.
    private static IEnumerable<InventoryProblem> WithoutDistribution(LayerStack stack, IReadOnlyList<LocatedComponent> packaged)
    {
        var first = stack.Distribution is null ? packaged.FirstOrDefault(c => IsOfDistribution(c.Component.Format)) : null;
        return first is null
            ? []
            : [new(first.Layer, first.Paths[0], "it names packages of a distribution, and no layer has an os-release that says which")];
    }
}
