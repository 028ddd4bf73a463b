using System.Globalization;

namespace Portcullis.Core.Versions.Orders;

/// <summary>What follows the numbers of a semantic version, as the ecosystems that use them share it.</summary>
internal static class SemVerKey
{
    private const byte End = 0;
    private const byte NumericIdentifier = 1;
    private const byte TextIdentifier = 2;
    private const byte IsPrerelease = 1;
    private const byte IsRelease = 2;

    /// <summary>Takes the text to its end: a pre-release, build metadata (which do not count, and may be anything), both or neither.</summary>
    public static bool TryAddPrerelease(ref VersionText text, KeyWriter writer, IdentifierStyle style = IdentifierStyle.SemVer)
    {
        var plus = text.Rest.IndexOf('+');
        var identifiers = text.Take(plus < 0 ? text.Rest.Length : plus);
        writer.Add(identifiers.IsEmpty ? IsRelease : IsPrerelease);
        if (identifiers.IsEmpty)
        {
            return true;
        }

        // To npm, a hyphen that nothing follows is itself the first identifier.
        var skipped = identifiers is ['-'] or ['-', '.', ..] && style == IdentifierStyle.Npm ? 0 : identifiers[0] == '-' ? 1 : 0;
        return (identifiers[0] == '-' || style == IdentifierStyle.Npm) && TryAddIdentifiers(identifiers[skipped..], writer, style);
    }

    private static bool TryAddIdentifiers(ReadOnlySpan<char> identifiers, KeyWriter writer, IdentifierStyle style)
    {
        foreach (var range in identifiers.Split('.'))
        {
            var identifier = identifiers[range];
            if (identifier.IsEmpty || identifier.ContainsAnyExcept(VersionCharacters.Identifier))
            {
                return false;
            }

            AddIdentifier(identifier, writer, style);
        }

        writer.Add(End);
        return true;
    }

    private static void AddIdentifier(ReadOnlySpan<char> identifier, KeyWriter writer, IdentifierStyle style)
    {
        if (IsNumber(identifier, style))
        {
            writer.Add(NumericIdentifier);
            writer.AddNumber(identifier);
            return;
        }

        writer.Add(TextIdentifier);
        if (style == IdentifierStyle.NuGet)
        {
            writer.AddLowerCase(identifier);
        }
        else
        {
            writer.AddText(identifier);
        }

        writer.Add(End);
    }

    private static bool IsNumber(ReadOnlySpan<char> identifier, IdentifierStyle style) =>
        !identifier.ContainsAnyExceptInRange('0', '9') && (style != IdentifierStyle.NuGet || int.TryParse(identifier, NumberStyles.None, CultureInfo.InvariantCulture, out _));
}

/// <summary>How an ecosystem reads the identifiers of a pre-release.</summary>
internal enum IdentifierStyle
{
    SemVer,

    /// <summary>The hyphen before them may be missing.</summary>
    Npm,

    /// <summary>The case of letters does not count, and digits that do not fit into 32 bits are text.</summary>
    NuGet,
}
