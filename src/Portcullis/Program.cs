using Portcullis.Commands;

return await CommandLine.RunAsync(
    args,
    Console.Out,
    Console.Error,
    [
        CompletionCommand.Create(),
    ]);
