using System.Globalization;
using System.Text;

namespace Portcullis.Core.Identity;

/// <summary>Puts names of users into distinguished names and filters of LDAP, so that no letter of them means anything there.</summary>
public static class LdapText
{
    /// <summary>For a value of a distinguished name (RFC 4514, section 2.4).</summary>
    public static string EscapeValue(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var isEdge = (c == ' ' && (i == 0 || i == value.Length - 1)) || (c == '#' && i == 0);
            if (c == '\0')
            {
                text.Append("\\00");
            }
            else
            {
                text.Append(isEdge || c is '"' or '+' or ',' or ';' or '<' or '>' or '\\' or '=' ? "\\" : "").Append(c);
            }
        }

        return text.ToString();
    }

    /// <summary>For a value in a filter (RFC 4515, section 3).</summary>
    public static string EscapeFilter(string value)
    {
        var text = new StringBuilder();
        foreach (var c in value)
        {
            if (c is '*' or '(' or ')' or '\\' or '\0')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\{(int)c:x2}");
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    /// <summary>The name of a group: of a distinguished name (<c>cn=dev,ou=groups,…</c>) the first value, of anything else all of it.</summary>
    public static string GroupName(string value)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || !value[..equals].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            return value;
        }

        var name = new StringBuilder();
        for (var i = equals + 1; i < value.Length && value[i] is not (',' or '+'); i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
            {
                i++;
            }

            name.Append(value[i]);
        }

        return name.ToString().Trim();
    }
}
