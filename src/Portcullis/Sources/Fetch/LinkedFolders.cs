namespace Portcullis.Sources.Fetch;

/// <summary>
/// What is reported about symbolic links that have no manifest's name. They are never followed, so manifests behind one would be missing, and what
/// they declared before be pruned; nobody may find that out by himself. All paths are those of the repository.
/// </summary>
internal static class LinkedFolders
{
    /// <summary>Nothing for a link to a file or to a folder without manifests.</summary>
    public static (string? Problem, string? Note) Judge(
        string link, string target, Func<string, IEnumerable<string>> manifestsBelow, Func<string, bool> isRead)
    {
        if (Resolve(link, target) is not { } folder)
        {
            return (null, $"{link} is a symbolic link out of the repository and is not read");
        }

        var manifests = manifestsBelow(folder).Where(m => !IsHidden(m[(folder.Length == 0 ? 0 : folder.Length + 1)..])).ToList();
        return manifests switch
        {
            [] => (null, null),
            _ when manifests.TrueForAll(m => isRead(m)) => (null, $"{link} is a symbolic link and is not followed; the manifests behind it are read at their own place"),
            _ => ("is a symbolic link to a folder with manifests, and links are not followed: put the folder itself here, or leave the link out with .sourceignore", null),
        };
    }

    /// <summary>Left out below any folder, so below this one too.</summary>
    private static bool IsHidden(string path) => path.Split('/').Any(p => p.StartsWith('.'));

    /// <summary>Null when it leaves the repository.</summary>
    private static string? Resolve(string link, string target)
    {
        if (target.StartsWith('/'))
        {
            return null;
        }

        List<string> parts = [.. link.Split('/')[..^1]];
        foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s != "."))
        {
            if (step != "..")
            {
                parts.Add(step);
            }
            else if (parts.Count == 0)
            {
                return null;
            }
            else
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return string.Join('/', parts);
    }
}
