namespace Portcullis.Core.Components;

/// <summary>By what two components of an image are the same one, whatever else the files say of them.</summary>
internal readonly record struct ComponentKey(PackageFormat Format, string Name, string Version, string? Architecture)
{
    public static ComponentKey Of(Component component) => new(component.Format, component.Name, component.Version, component.Architecture);
}
