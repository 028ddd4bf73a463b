using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages;

/// <summary>The components that a file names, as many as are kept of a layer: beyond these the file is one that was not read whole.</summary>
internal sealed class ComponentList(PackageSource source)
{
    private readonly List<Component> _all = [];
    private bool _isCut;

    public int Count => _all.Count;

    public IReadOnlyList<Component> All => _all;

    /// <summary>Each once.</summary>
    public IReadOnlyList<Component> Distinct() => [.. _all.Distinct()];

    public void Add(Component component)
    {
        if (_all.Count < source.MostComponents)
        {
            _all.Add(component);
        }
        else if (!_isCut)
        {
            _isCut = true;
            source.Report($"it names more than {source.MostComponents} components, and the rest was not kept");
        }
    }

    /// <summary>Takes back the component that was added last, unless it was not kept.</summary>
    public void RemoveLast()
    {
        if (_all.Count > 0 && !_isCut)
        {
            _all.RemoveAt(_all.Count - 1);
        }
    }
}
