using System.Text;
using Portcullis.Schemas.Patterns;
using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary>Texts: the standard functions, cel-go's strings extension (version 2) and Kubernetes' regex library. Indices count characters.</summary>
internal static class CelStringFunctions
{
    public static IEnumerable<CelOverload> All() => [.. Standard(), .. Extension(), .. Regexes()];

    private static CelOverload Method(string name, CelType result, Func<string, object?[], object?> run, params CelType[] more) =>
        new(name, true, [CelType.String, .. more], result, v => run((string)v[0]!, v)) { Cost = v => CelCosts.Text(v[0]) };

    private static IEnumerable<CelOverload> Standard()
    {
        yield return Method("contains", Bool, (s, v) => CelEquality.Box(s.Contains((string)v[1]!, StringComparison.Ordinal)), CelType.String) with { Cost = v => CelCosts.Match(v[0], v[1]) };
        yield return Method("startsWith", Bool, (s, v) => CelEquality.Box(s.StartsWith((string)v[1]!, StringComparison.Ordinal)), CelType.String) with { Cost = v => CelCosts.Text(v[1]) };
        yield return Method("endsWith", Bool, (s, v) => CelEquality.Box(s.EndsWith((string)v[1]!, StringComparison.Ordinal)), CelType.String) with { Cost = v => CelCosts.Text(v[1]) };
        yield return Method("matches", Bool, Matches, CelType.String) with { Cost = v => CelCosts.Match(v[0], v[1]) };
        yield return Method("matches", Bool, Matches, CelType.String) with { IsMethod = false, Cost = v => CelCosts.Match(v[0], v[1]) };
    }

    private static object Matches(string text, object?[] values) =>
        Re2.TryCompile((string)values[1]!, out var regex, out var error) ? CelEquality.Box(regex.IsMatch(text)) : new CelFault(error);

    private static IEnumerable<CelOverload> Extension()
    {
        yield return Method("charAt", CelType.String, (s, v) => CharAt(s, (long)v[1]!), Int);
        yield return Method("indexOf", Int, (s, v) => IndexOf(s, (string)v[1]!, 0), CelType.String);
        yield return Method("indexOf", Int, (s, v) => IndexOf(s, (string)v[1]!, (long)v[2]!), CelType.String, Int);
        yield return Method("lastIndexOf", Int, (s, v) => CelText.Index(s, s.LastIndexOf((string)v[1]!, StringComparison.Ordinal)), CelType.String);
        yield return Method("lastIndexOf", Int, (s, v) => LastIndexOf(s, (string)v[1]!, (long)v[2]!), CelType.String, Int);
        yield return Method("lowerAscii", CelType.String, (s, _) => CelText.Lower(s));
        yield return Method("upperAscii", CelType.String, (s, _) => CelText.Upper(s));
        yield return Method("replace", CelType.String, (s, v) => Replace(s, (string)v[1]!, (string)v[2]!, -1), CelType.String, CelType.String);
        yield return Method("replace", CelType.String, (s, v) => Replace(s, (string)v[1]!, (string)v[2]!, (long)v[3]!), CelType.String, CelType.String, Int);
        yield return Method("split", ListOf(CelType.String), (s, v) => Split(s, (string)v[1]!, -1), CelType.String);
        yield return Method("split", ListOf(CelType.String), (s, v) => Split(s, (string)v[1]!, (long)v[2]!), CelType.String, Int);
        yield return Method("substring", CelType.String, (s, v) => Substring(s, (long)v[1]!, CelText.Length(s)), Int);
        yield return Method("substring", CelType.String, (s, v) => Substring(s, (long)v[1]!, (long)v[2]!), Int, Int);
        yield return Method("trim", CelType.String, (s, _) => s.Trim());
        yield return Method("format", CelType.String, (s, v) => CelFormatting.Format(s, (CelList)v[1]!), ListOf(Dyn));
        yield return new("strings.quote", false, [CelType.String], CelType.String, v => Quote((string)v[0]!)) { Cost = v => CelCosts.Text(v[0]) };
        yield return new("join", true, [ListOf(CelType.String)], CelType.String, v => Join((CelList)v[0]!, "")) { Cost = v => CelCosts.Items(v[0]) };
        yield return new("join", true, [ListOf(CelType.String), CelType.String], CelType.String, v => Join((CelList)v[0]!, (string)v[1]!)) { Cost = v => CelCosts.Items(v[0]) };
    }

    private static IEnumerable<CelOverload> Regexes()
    {
        yield return Method("find", CelType.String, (s, v) => Re2.TryCompile((string)v[1]!, out var r, out var e) ? r.Match(s).Value : new CelFault(e), CelType.String) with { Cost = v => CelCosts.Match(v[0], v[1]) };
        yield return Method("findAll", ListOf(CelType.String), (s, v) => FindAll(s, (string)v[1]!, -1), CelType.String) with { Cost = v => CelCosts.Match(v[0], v[1]) };
        yield return Method("findAll", ListOf(CelType.String), (s, v) => FindAll(s, (string)v[1]!, (long)v[2]!), CelType.String, Int) with { Cost = v => CelCosts.Match(v[0], v[1]) };
    }

    private static object FindAll(string text, string pattern, long limit) => !Re2.TryCompile(pattern, out var regex, out var error)
        ? new CelFault(error)
        : new CelArray([.. regex.Matches(text).Take(limit < 0 ? int.MaxValue : (int)Math.Min(limit, int.MaxValue)).Select(m => m.Value)]);

    private static CelFault OutOfRange(long index) => new($"index out of range: {CelText.Show(index)}");

    private static object CharAt(string text, long index)
    {
        var at = CelText.Offset(text, index);
        return at < 0 ? OutOfRange(index) : at == text.Length ? "" : text.Substring(at, char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1);
    }

    private static object IndexOf(string text, string part, long from)
    {
        var at = CelText.Offset(text, from);
        return part.Length == 0 ? from : at < 0 ? OutOfRange(from) : CelText.Index(text, text.IndexOf(part, at, StringComparison.Ordinal));
    }

    private static object LastIndexOf(string text, string part, long from)
    {
        var at = CelText.Offset(text, from);
        if (part.Length == 0)
        {
            return from;
        }

        return at < 0 ? OutOfRange(from) : CelText.Index(text, text[..Math.Min(text.Length, at + part.Length)].LastIndexOf(part, StringComparison.Ordinal));
    }

    private static string Replace(string text, string old, string with, long limit)
    {
        if (limit < 0 && old.Length > 0)
        {
            return text.Replace(old, with, StringComparison.Ordinal);
        }

        var result = new StringBuilder();
        var at = 0;
        for (var done = 0L; limit < 0 || done < limit; done++)
        {
            // An empty text is found before every character and at the end, as in Go.
            var next = old.Length > 0 ? text.IndexOf(old, at, StringComparison.Ordinal) : done == 0 ? 0 : at < text.Length ? at + 1 : -1;
            if (next < 0)
            {
                break;
            }

            result.Append(text, at, next - at).Append(with);
            at = next + old.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static CelArray Split(string text, string separator, long limit)
    {
        if (limit == 0)
        {
            return new CelArray([]);
        }

        var count = limit < 0 ? int.MaxValue : (int)Math.Min(limit, int.MaxValue);
        if (separator.Length > 0)
        {
            return new CelArray(text.Split(separator, count));
        }

        var runes = text.EnumerateRunes().Select(r => r.ToString()).ToList();
        return new CelArray(runes.Count <= count ? runes : [.. runes.Take(count - 1), string.Concat(runes.Skip(count - 1))]);
    }

    private static object Substring(string text, long start, long end)
    {
        var (from, to) = (CelText.Offset(text, start), CelText.Offset(text, end));
        return start > end ? new CelFault($"invalid substring range. start: {CelText.Show(start)}, end: {CelText.Show(end)}")
            : from < 0 || to < 0 ? OutOfRange(from < 0 ? start : end) : text.Substring(from, to - from) as object;
    }

    private static object Join(CelList list, string separator)
    {
        var parts = new List<string>(list.Count);
        foreach (var item in list.Items)
        {
            if (item is not string text)
            {
                return CelFault.NoOverload;
            }

            parts.Add(text);
        }

        return string.Join(separator, parts);
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '\a' => quoted.Append("\\a"), '\b' => quoted.Append("\\b"), '\f' => quoted.Append("\\f"), '\n' => quoted.Append("\\n"), '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"), '\v' => quoted.Append("\\v"), '\\' => quoted.Append("\\\\"), '"' => quoted.Append("\\\""), _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
