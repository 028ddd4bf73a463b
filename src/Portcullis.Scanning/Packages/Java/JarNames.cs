namespace Portcullis.Scanning.Packages.Java;

/// <summary>Which files are archives of Java, and which of their entries are read.</summary>
internal static class JarNames
{
    public const string Manifest = "META-INF/MANIFEST.MF";

    private const string Maven = "META-INF/maven/";
    private const int MostQuoted = 200;

    // Java archives, web and enterprise archives, plug-ins of Jenkins, archives of NiFi, JBoss and resource adapters.
    private static readonly string[] Archives = [".jar", ".war", ".ear", ".hpi", ".jpi", ".nar", ".par", ".sar", ".rar"];

    /// <summary>Whether a name is that of an archive; what lies there may be something else.</summary>
    public static bool IsArchive(ReadOnlySpan<char> name)
    {
        foreach (var ending in Archives)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the first bytes of a file with the name of an archive are those of one: of an entry, of the end of an empty one, or of the script that may stand before.</summary>
    public static bool BeginsAsArchive(ReadOnlySpan<byte> first) => first.StartsWith("PK"u8) || first.StartsWith("#!"u8);

    /// <summary>Whether an entry is one that is read.</summary>
    public static bool IsOfInterest(string name) => IsArchive(name) || name == Manifest || MavenFolder(name, "pom.properties") is not null || MavenFolder(name, "pom.xml") is not null;

    /// <summary>The folder META-INF/maven/GROUP/ARTIFACT/ of an entry with this file name; null when it lies elsewhere.</summary>
    public static string? MavenFolder(string name, string file)
    {
        var folder = name.EndsWith(file, StringComparison.Ordinal) ? name[..^file.Length] : "";
        var maven = folder.IndexOf(Maven, StringComparison.Ordinal);
        return maven >= 0 && (maven == 0 || folder[maven - 1] == '/') && folder.AsSpan(maven + Maven.Length).Count('/') == 2 ? folder : null;
    }

    /// <summary>A name as a message quotes it.</summary>
    public static string Short(string name) => name.Length > MostQuoted ? name[..MostQuoted] + "…" : name;
}
