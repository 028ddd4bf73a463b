using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Kubernetes.Connection;

/// <summary>One kubeconfig file.</summary>
internal sealed record KubeConfigFile(string Path, string Folder, JsonObject Root)
{
    public string? CurrentContext => Root.String("current-context");

    public static KubeConfigFile Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KubeConfigException($"{path}: there is no such kubeconfig", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{path} cannot be read: {e.Message}", e);
        }

        var stream = KubernetesYaml.Read(bytes);
        if (stream.Errors is [var error, ..])
        {
            throw new KubeConfigException($"{path}:{error.Position.Line}: {error.Message}");
        }

        var root = stream.Documents is [var document, ..] ? document.Root as JsonObject : [];
        return new KubeConfigFile(
            path,
            System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? "/",
            root ?? throw new KubeConfigException($"{path} is not a kubeconfig: its top level is not a map."));
    }
}

/// <summary>A cluster, user or context, and the folder that its relative paths are meant from.</summary>
internal sealed record KubeConfigEntry(JsonObject Value, string Folder, string File)
{
    /// <summary>A path member, made absolute.</summary>
    public string? PathOf(string member) =>
        Value.String(member) is { Length: > 0 } path ? Path.GetFullPath(path, Folder) : null;

    /// <summary>Whether <c>NAME</c> is a file and not data.</summary>
    public bool IsFile(string name) => Value.String(name) is { Length: > 0 } && Value.String(name + "-data") is not { Length: > 0 };

    /// <summary>The text of <c>NAME-data</c> (base64) or of the file that <c>NAME</c> names; data wins.</summary>
    public string? Content(string name)
    {
        try
        {
            if (Value.String(name + "-data") is { Length: > 0 } data)
            {
                return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }

            return PathOf(name) is { } path ? System.IO.File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            // A format error's own text would quote the data.
            throw new KubeConfigException($"{File}: {name} cannot be read: {(e is FormatException ? "it is not base64" : e.Message)}");
        }
    }
}
