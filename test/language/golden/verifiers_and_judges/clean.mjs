export const is_clean = () => true;
