namespace Portcullis.Core.Revisions;

/// <summary>
/// What a text that is no manifest most likely is. The parser only says which bracket it misses; whoever committed a template, a merge
/// conflict or a Git LFS pointer looks for that word.
/// </summary>
internal static class TextHints
{
    private const string Conflict = "is an unresolved merge conflict: resolve it and commit again";
    private const string Pointer = "is a Git LFS pointer and not the file itself: keep manifests out of Git LFS";
    private const string MisplacedField = "found invalid mapping";
    private const string Indentation = "check the indentation of this line and of the one before";
    private const string Template = "this looks like a template: commit the rendered file, or exclude this one with .sourceignore";

    /// <summary>The problems of a file that does not read, with what they most likely come from.</summary>
    public static IEnumerable<LineProblem> Explain(ReadOnlySpan<byte> content, IReadOnlyList<LineProblem> problems)
    {
        if (problems.Count == 0)
        {
            return problems;
        }

        if (content.StartsWith("version https://git-lfs.github.com/spec/"u8))
        {
            return [new LineProblem(1, Pointer)];
        }

        var explained = new List<LineProblem>();
        var line = 0;
        foreach (var range in content.Split((byte)'\n'))
        {
            line++;
            var text = content[range];
            if (text.StartsWith("<<<<<<< "u8))
            {
                explained.Add(new LineProblem(line, Conflict));
            }

            var isTemplate = text.IndexOf("{{"u8) >= 0;
            explained.AddRange(problems.Where(p => p.Line == line).Select(p =>
                isTemplate ? p with { Message = $"{p.Message}; {Template}" }
                : p.Message.EndsWith(MisplacedField, StringComparison.Ordinal) ? p with { Message = $"{p.Message}; {Indentation}" }
                : p));
        }

        return explained.Concat(problems.Where(p => p.Line > line));
    }
}
