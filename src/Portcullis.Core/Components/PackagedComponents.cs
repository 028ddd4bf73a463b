namespace Portcullis.Core.Components;

/// <summary>The components that package managers and binaries name, each once, with its licence.</summary>
internal static class PackagedComponents
{
    public static IReadOnlyList<LocatedComponent> Of(LayerStack stack)
    {
        var places = new Dictionary<ComponentKey, List<(Component Component, int Layer, string Path, Component? Owner)>>();
        foreach (var (path, file) in stack.Packages.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            foreach (var (component, layer) in file.Components)
            {
                var key = ComponentKey.Of(component);
                if (!places.TryGetValue(key, out var found))
                {
                    places[key] = found = [];
                }

                found.Add((component, layer, path, file.Owner));
            }
        }

        var licenses = new PackageLicenses(stack.Licenses);
        return [.. places.Values.Select(p => Located(p, licenses))];
    }

    private static LocatedComponent Located(List<(Component Component, int Layer, string Path, Component? Owner)> places, PackageLicenses licenses)
    {
        var component = places.FirstOrDefault(p => p.Component.License is not null).Component ?? places[0].Component;
        if (component is { License: null, Format: PackageFormat.Deb })
        {
            component = component with { License = licenses.Of(component.Name) };
        }

        return new(component, places.Min(p => p.Layer), [.. places.Select(p => p.Path).Distinct(StringComparer.Ordinal)])
        {
            PartOf = places.All(p => p.Owner is not null) ? places[0].Owner : null,
        };
    }
}
