using System.Text.Json;
using Portcullis.Core.Components;

namespace Portcullis.Scanning.Store;

/// <summary>
/// What was found in layers and images, by their digests: a layer is read once, and an image is matched again without its layers. It is a cache: a file that
/// cannot be read, or that another version of the scanner wrote, is replaced by an empty one. Safe for use by many at once.
/// </summary>
public sealed class ComponentStore : IContentIndex, IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private ComponentFile _file;

    private ComponentStore(string path, ComponentFile file) => (_path, _file) = (path, file);

    /// <param name="path">The file. What is beside it under the same name and with a suffix is its own, too.</param>
    public static ComponentStore Open(string path) => new(path, ComponentFile.OpenOrReplace(path));

    /// <summary>Null when the layer was not read yet.</summary>
    public LayerInventory? Layer(string digest) => Read(f => f.Layer(digest), (_, packed) => packed is null ? null : Read(packed));

    public bool HasLayer(string digest) => Use(f => f.HasLayer(digest));

    public void Add(LayerInventory layer) =>
        Use(f => f.AddLayer(layer.Digest, StoredText.Pack(JsonSerializer.SerializeToUtf8Bytes(layer, InventoriesJsonContext.Default.LayerInventory))));

    /// <summary>The components of an image, without the files that say so; null when it is not known.</summary>
    public ImageInventory? Image(string digest) => Read(f => f.Image(digest), (rows, row) => row is null ? null : rows.Read(row));

    public void Add(string digest, ImageInventory image) => AddAll([KeyValuePair.Create(digest, image)]);

    /// <summary>Many at once.</summary>
    public void AddAll(IEnumerable<KeyValuePair<string, ImageInventory>> images) => Use(f =>
    {
        f.AddImages(images);
        return true;
    });

    /// <summary>All images that are known, with their digests.</summary>
    public IReadOnlyList<KeyValuePair<string, ImageInventory>> Images() =>
        Read(f => f.Images(), (rows, all) => all.Select(r => KeyValuePair.Create(r.Digest, rows.Read(r))).ToList()) ?? [];

    /// <inheritdoc/>
    IReadOnlyList<KnownContent> IContentIndex.Of(string sha256) => Use(f => f.Contents(sha256)) ?? [];

    /// <summary>Adds what an image's packages are known by.</summary>
    public void Learn(IReadOnlyList<KnownContent> contents) => Use(f =>
    {
        f.AddContents(contents);
        return true;
    });

    /// <summary>The images of which a component is one of these.</summary>
    public IReadOnlySet<string> ImagesWith(Func<Component, bool> isOne) => Use(f => f.ImagesWith(isOne)) ?? new HashSet<string>();

    /// <summary>Removes the images that are not among these, and the layers that no image is left of.</summary>
    public void Keep(IReadOnlySet<string> digests) => Use(f =>
    {
        f.Keep(digests);
        return true;
    });

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private static LayerInventory? Read(byte[] packed) => JsonSerializer.Deserialize(StoredText.Unpack(packed), InventoriesJsonContext.Default.LayerInventory);

    /// <summary>Takes rows out of the file, and makes of them what they stand for while others use it.</summary>
    private TValue? Read<TRow, TValue>(Func<ComponentFile, TRow> find, Func<ImageRows, TRow, TValue?> read)
        where TValue : class
    {
        var (file, row) = Use(f => (File: f, Row: find(f)));
        try
        {
            return file is null ? null : read(file.Rows, row);
        }
        catch (Exception e) when (StoreDamage.Is(e))
        {
            Replace(file);
            return null;
        }
    }

    /// <summary>A file that turns out to be damaged is replaced; what it would have said is not known then.</summary>
    private T? Use<T>(Func<ComponentFile, T> read)
    {
        lock (_gate)
        {
            try
            {
                return read(_file);
            }
            catch (Exception e) when (StoreDamage.Is(e))
            {
                Replace(_file);
                return default;
            }
        }
    }

    /// <summary>Begins anew, unless another did already.</summary>
    private void Replace(ComponentFile? damaged)
    {
        lock (_gate)
        {
            if (_file == damaged)
            {
                _file.Dispose();
                _file = ComponentFile.Replace(_path);
            }
        }
    }
}
