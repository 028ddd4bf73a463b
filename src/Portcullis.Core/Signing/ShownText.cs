namespace Portcullis.Core.Signing;

/// <summary>
/// What is shown of names of images and of what is wrong with them. Whoever may make a pod writes names of any length, and trust data has thousands of roles:
/// neither may fill a status, which could then not be stored, a log or an answer.
/// </summary>
public static class ShownText
{
    /// <summary>In characters.</summary>
    public const int Longest = 600;

    public static string Of(string text) => text.Length <= Longest ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)}…";
}
