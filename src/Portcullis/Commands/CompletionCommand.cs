using System.CommandLine;

namespace Portcullis.Commands;

/// <summary><c>portcullis completion SHELL</c>: a script by which the shell asks the program for completions.</summary>
internal static class CompletionCommand
{
    // The suggest directive takes the cursor's offset in the line that follows, and the line, and prints one suggestion a line.
    private const string Bash = """
        _portcullis() {
            local IFS=$'\n'
            local line="portcullis ${COMP_LINE#* }"
            local point=$(( COMP_POINT - ${#COMP_LINE} + ${#line} ))
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${point}]" "${line}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _portcullis portcullis
        """;

    private const string Zsh = """
        #compdef portcullis
        _portcullis() {
            local -a suggestions
            suggestions=(${(f)"$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)"})
            compadd -a suggestions || _files
        }
        compdef _portcullis portcullis
        """;

    private const string Fish = """
        function __portcullis_complete
            set -l line (commandline -cp)
            portcullis "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end
        complete -c portcullis -a '(__portcullis_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script for a shell.") { shell };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(parsed.GetRequiredValue(shell) switch
        {
            "zsh" => Zsh,
            "fish" => Fish,
            _ => Bash,
        }));
        return command.WithExamples(
            "source <(portcullis completion bash)",
            "portcullis completion zsh > \"${fpath[1]}/_portcullis\"",
            "portcullis completion fish > ~/.config/fish/completions/portcullis.fish");
    }
}
