using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Storage;

/// <summary>
/// One stored version of one object. It is kept as its bytes: a tree of nodes takes ten times as much, and of a hundred thousand objects few are read.
/// </summary>
/// <param name="resource">Its kind, in the version in which it is stored.</param>
/// <param name="key">Its name.</param>
/// <param name="version">The store's version with which it was written.</param>
/// <param name="utf8">The object; its resourceVersion may be another one, or missing.</param>
/// <param name="trees">Keeps the trees of the objects that were read last.</param>
internal sealed class StoredObject(ApiResource resource, ObjectKey key, long version, byte[] utf8, ReadTrees trees)
{
    private JsonObject? _tree;

    public ApiResource Resource => resource;

    public ObjectKey Key => key;

    public long Version => version;

    public byte[] Utf8 => utf8;

    /// <summary>Shared and never changed: clone before editing. May be another instance each time.</summary>
    public JsonObject Object => Volatile.Read(ref _tree) ?? Keep(Parse());

    /// <summary>The object as a tree that its writer has at hand; from now on this one's.</summary>
    public StoredObject With(JsonObject tree)
    {
        Stamp(tree);
        Keep(tree);
        return this;
    }

    /// <summary>It has not been read for a while.</summary>
    public void ForgetTree() => Volatile.Write(ref _tree, null);

    private JsonObject Keep(JsonObject tree)
    {
        Volatile.Write(ref _tree, tree);
        trees.Keep(this);
        return tree;
    }

    private JsonObject Parse()
    {
        var tree = (JsonObject)KubernetesJson.Parse(utf8)!;
        Stamp(tree);
        return tree;
    }

    /// <summary>Writes the version into the object, where Kubernetes writes it.</summary>
    private void Stamp(JsonObject tree)
    {
        if (tree["metadata"] is JsonObject metadata)
        {
            var text = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var uid = metadata.IndexOf("uid");
            if (metadata.ContainsKey("resourceVersion") || uid < 0)
            {
                metadata["resourceVersion"] = text;
            }
            else
            {
                metadata.Insert(uid + 1, "resourceVersion", text);
            }
        }
    }
}
