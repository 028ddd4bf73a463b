using Portcullis.Core.Components;

namespace Portcullis.Scanning.Layers;

/// <summary>What could not be read of a layer, up to a limit.</summary>
internal sealed class LayerProblems(int limit)
{
    // A path may have 4096 bytes; a message quotes the beginning of one.
    private const int MaxPath = 512;

    private readonly List<InventoryProblem> _listed = [];
    private int _unlisted;

    public IReadOnlyList<InventoryProblem> All => _unlisted == 0 ? _listed : [.. _listed, new(0, "", $"{_unlisted} more of its files could not be read")];

    public void Add(string path, string message)
    {
        var problem = new InventoryProblem(0, path.Length > MaxPath ? path[..MaxPath] : path, message);
        if (_listed.Contains(problem))
        {
            return;
        }

        if (_listed.Count < limit)
        {
            _listed.Add(problem);
        }
        else
        {
            _unlisted++;
        }
    }
}
