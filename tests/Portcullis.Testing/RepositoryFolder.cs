namespace Portcullis.Testing;

/// <summary>The checkout that the tests were built from.</summary>
public static class RepositoryFolder
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The configuration the tests were built in, as it appears below artifacts: debug or release.</summary>
    public static string Configuration { get; } =
        new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar)).Name;

    /// <summary>The program as it is shipped, made by the build of these tests.</summary>
    public static string Program { get; } = System.IO.Path.Combine(Path, "artifacts", "publish", "Portcullis", Configuration, "portcullis");

    /// <summary>A path below the checkout.</summary>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Operator.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Operator.sln above {start}");
    }
}
