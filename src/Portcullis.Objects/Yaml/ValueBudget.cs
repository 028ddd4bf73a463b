namespace Portcullis.Objects.Yaml;

/// <summary>
/// The values that may still be made of one stream, those that aliases add included. A value takes a hundred times the memory of the text
/// that it may be written in, and a document's aliases many times more, so that the size of the text alone bounds nothing.
/// </summary>
internal sealed class ValueBudget(YamlLimits limits)
{
    private int _left = limits.MaxValues;

    public bool IsSpent => _left < 0;

    /// <summary>What is left now, for <see cref="Return"/>.</summary>
    public int Left => _left;

    /// <summary>Gives back what was spent since on a reading that came to nothing.</summary>
    public void Return(int left) => _left = left;

    public void Spend(YamlPosition position)
    {
        if (--_left < 0)
        {
            throw new YamlFault(position, $"there are more than {limits.MaxValues} values up to here; put them into several files");
        }
    }
}
