using System.CommandLine;

namespace Portcullis.Commands;

/// <summary>The option <c>--output text|json</c> of commands that print a result.</summary>
internal static class OutputOption
{
    public const string Json = "json";

    public static Option<string> Create()
    {
        var option = new Option<string>("--output", "-o") { Description = "The output format.", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", Json);
        return option;
    }
}
