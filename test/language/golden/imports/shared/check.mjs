export const checked = ({ answer, quiz }) => answer !== quiz;
