namespace Portcullis.Core.Components;

/// <summary>A file that names components, as it is seen through the layers so far.</summary>
/// <param name="Components">Each with the index of the layer since which the file names it without a break.</param>
/// <param name="Owner">The distribution's package that has the file; null when none has it.</param>
internal sealed record StackedFile(IReadOnlyList<(Component Component, int Layer)> Components, Component? Owner)
{
    /// <summary>The file of a layer, over that of the same path below: what both name came with the lower one.</summary>
    public static StackedFile Over(StackedFile? below, PackageFile file, int layer)
    {
        if (below is null)
        {
            return new([.. file.Components.Select(c => (c, layer))], file.Owner);
        }

        var since = new Dictionary<ComponentKey, int>();
        foreach (var (component, from) in below.Components)
        {
            since.TryAdd(ComponentKey.Of(component), from);
        }

        var components = file.Components.Select(c => (c, since.GetValueOrDefault(ComponentKey.Of(c), layer))).ToList();
        // A file that was only touched is still the package's; one that names something else is not.
        var same = components.All(c => c.Item2 < layer);
        return new(components, file.Owner ?? (same ? below.Owner : null));
    }
}
