using System.CommandLine;

namespace Portcullis.Commands;

/// <summary>The option <c>--database FILE</c> of the <c>scan</c> commands: the file with the advisories.</summary>
internal static class DatabaseOption
{
    public static Option<string> Create() => new("--database")
    {
        Description = "The file with the advisories. Default: advisories.db in $XDG_DATA_HOME/portcullis, else in ~/.local/share/portcullis.",
        HelpName = "FILE",
        DefaultValueFactory = _ => DefaultPath(),
    };

    private static string DefaultPath() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "portcullis", "advisories.db");
}
