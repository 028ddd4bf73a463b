using System.Text;

namespace Portcullis.Scanning.Packages.Python;

/// <summary>Names of Python distributions as PEP 503 compares them.</summary>
internal static class PythonName
{
    /// <summary>In lower case, each run of `-`, `_` and `.` as one `-`.</summary>
    public static string Normal(string name)
    {
        var normal = new StringBuilder(name.Length);
        foreach (var c in name.Trim())
        {
            if (c is not ('-' or '_' or '.'))
            {
                normal.Append(char.ToLowerInvariant(c));
            }
            else if (normal is not [.., '-'])
            {
                normal.Append('-');
            }
        }

        return normal.ToString();
    }
}
