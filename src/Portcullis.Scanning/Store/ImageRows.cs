using System.Text.Json;
using Microsoft.Data.Sqlite;
using Portcullis.Core.Components;

namespace Portcullis.Scanning.Store;

/// <summary>Images as rows, and rows as images. Reading needs no lock: what has a number keeps it.</summary>
internal sealed class ImageRows(NumberedValues<Component> components, NumberedValues<Distribution> distributions)
{
    private readonly LocatedComponents _located = new(components, distributions);

    public ImageRow Write(string digest, ImageInventory image, SqliteTransaction transaction) => new(
        digest,
        string.Join(' ', image.Layers),
        image.Distribution is { } distribution ? distributions.NumberOf(distribution, transaction) : 0,
        image.Problems.Count == 0 ? "" : JsonSerializer.Serialize(image.Problems, InventoriesJsonContext.Default.IReadOnlyListInventoryProblem),
        _located.Write(image.Components, transaction));

    public ImageInventory Read(ImageRow row) => new()
    {
        Layers = row.Layers.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Distribution = row.Distribution == 0 ? null : distributions[row.Distribution],
        Problems = row.Problems.Length == 0 ? [] : JsonSerializer.Deserialize(row.Problems, InventoriesJsonContext.Default.IReadOnlyListInventoryProblem)!,
        Components = _located.Read(row.Components),
    };
}
