using System.CommandLine.Parsing;
using System.Globalization;

namespace Portcullis.Commands;

/// <summary>Reads the port of an option; a number that no socket can have is wrong usage.</summary>
internal static class PortNumber
{
    public static int Parse(ArgumentResult result)
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue)
        {
            return port;
        }

        result.AddError($"'{text}' is not a port: give a number from 0 to {ushort.MaxValue.ToString(CultureInfo.InvariantCulture)}");
        return 0;
    }
}
